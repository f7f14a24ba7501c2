"""Opens a workbook in a real LibreOffice Calc, types in it, and saves it: run by test_libreoffice.

Run by the Python that has LibreOffice's `uno` module, not by the tests' own:
    python3 calc.py PIPE SOURCE TYPED.json TARGET…
TYPED: {"sheet": {"D12": "text"}}. Each target is saved in the format of its extension.
"""

import json
import os
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}


def option(name, value):
    prop = PropertyValue()
    prop.Name, prop.Value = name, value
    return prop


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(120):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit("LibreOffice ne répond pas")


def main(pipe, source, typed, *targets):
    context = connect(pipe)
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    url = uno.systemPathToFileUrl(source)
    document = desktop.loadComponentFromURL(url, "_blank", 0, (option("Hidden", True),))
    sheets = json.loads(Path(typed).read_text(encoding="utf-8"))
    for sheet, cells in sheets.items():
        for address, text in cells.items():
            cell = document.Sheets.getByName(sheet).getCellRangeByName(address)
            # As typed at the keyboard: Calc decides what becomes of it.
            cell.setFormula(text)
    for target in targets:
        extension = target.rsplit(".", 1)[1]
        document.storeToURL(
            uno.systemPathToFileUrl(target), (option("FilterName", FILTERS[extension]),)
        )
    document.close(True)
    desktop.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
    # The office is gone, and its bridge with it: giving back what is left of it may crash.
    os._exit(0)
