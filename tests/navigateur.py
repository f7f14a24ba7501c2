"""A headless Chromium of the machine's own, for the pages: nothing is downloaded."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
DRIVER = shutil.which("chromedriver")
IN_CI = os.environ.get("CI") == "true"
PAPER = 702  # A4's 210 mm less the page's margins, in CSS pixels

needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER) and not IN_CI, reason="Chromium ou chromedriver n'est pas installé"
)


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium of the machine's own: nothing is downloaded."""
    assert CHROMIUM, "Chromium manque (obligatoire en CI)"
    assert DRIVER, "chromedriver manque (obligatoire en CI)"
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


def browse(chrome: Any, page: Path, width: int = 1200, **emulated: str) -> Any:
    """The page as this reader sees it; nothing of earlier pages is left in the logs."""
    chrome.get("about:blank")
    for kind in ("browser", "performance"):
        chrome.get_log(kind)
    chrome.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    features = [{"name": "prefers-color-scheme", "value": emulated.get("scheme", "light")}]
    media = {"media": emulated.get("media", ""), "features": features}
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    chrome.get(page.as_uri())
    return chrome


def overflow(chrome: Any) -> int:
    script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(chrome.execute_script(script))


def requests(chrome: Any) -> list[str]:
    """The files that were asked for since the page was opened."""
    messages = [json.loads(entry["message"])["message"] for entry in chrome.get_log("performance")]
    asked = [
        one["params"]["request"]["url"]
        for one in messages
        if one["method"] == "Network.requestWillBeSent"
    ]
    return [url.rpartition("/")[2] for url in asked if url != "about:blank"]


def contrasts(chrome: Any) -> list[str]:
    """The visible texts whose ink stands out from their paper by less than 4.5 (WCAG 2.1 AA)."""
    return list(
        chrome.execute_script(r"""
        const lum = (c) => {
          const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
          const [r, g, b] = c.map((v) => linear(v / 255));
          return .2126 * r + .7152 * g + .0722 * b;
        };
        const rgb = (t) => t.match(/[\d.]+/g).map(Number);
        const paper = (e) => {
          for (; e; e = e.parentElement) {
            const c = rgb(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] > 0) return c.slice(0, 3);
          }
          return [255, 255, 255];
        };
        const bad = [];
        for (const e of document.querySelectorAll("main *, header *, footer *")) {
          if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
          if (!e.checkVisibility() || e.closest(".invisible")) continue;
          const ink = lum(rgb(getComputedStyle(e).color).slice(0, 3));
          const [a, b] = [ink, lum(paper(e))].sort((x, y) => y - x);
          const ratio = (a + .05) / (b + .05);
          if (ratio < 4.5) bad.push(`${e.tagName}.${e.className} ${ratio} ${e.textContent}`);
        }
        return bad;
    """)
    )
