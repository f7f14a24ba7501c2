"""controle/rapport.html in a real Chromium: a phone, a screen, a sheet of paper."""

import base64
import itertools
import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import HISTOIRE, NOW, edit, played, returned, row_of, sheet_of
from navigateur import PAPER, browse, contrasts, needs_chromium, overflow, requests

from batch import chaine
from batch.chaine.rapport import assemble
from batch.classeurs.grille import forme as f
from batch.folder import Folder
from batch.pages import controle as page
from batch.pages.matrice import slices
from batch.rapport import LigneMatrice
from batch.vocabulaire import EtatFiche

HOSTILE = 'O\'Brien <script>alert(1)</script> "x" & Fils'


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A session with anomalies of each gravity, under names that try to be markup."""
    story = json.loads(json.dumps(HISTOIRE))
    story["candidats"][0]["nom_naissance"] = HOSTILE
    story["evaluateurs"][0]["nom"] = "FABRE"
    story["evaluateurs"][0]["courriel"] = None
    folder = played(tmp_path_factory.mktemp("pages") / "session", story)

    def spoil(workbook: Any) -> None:
        sheet = sheet_of(workbook, "C2")
        sheet.cell(row_of(sheet, "E1"), f.NOTE).value = "<img src=x onerror=alert(1)>"
        workbook.create_sheet("Brouillon & <b>")["A1"].value = "à revoir"

    edit(returned(folder), spoil)
    returned(folder, "BC3").unlink()
    (folder.retours / "l'envoi #2 (1) & 50 %.xlsx").write_bytes(b"")
    chaine.control(folder, NOW)
    return folder


@pytest.fixture(scope="module")
def html(spoilt: Folder) -> str:
    return (spoilt.controle / "rapport.html").read_text(encoding="utf-8")


def test_external_text_is_text(html: str) -> None:
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "O&#39;Brien &lt;script&gt;alert(1)&lt;/script&gt; &#34;x&#34; &amp; Fils" in html


def test_the_page_fetches_nothing_and_allows_nothing_else(html: str) -> None:
    tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, attrs))

    Reader().feed(html)
    names = {name for _, attributes in tags for name, _ in attributes}
    assert not [name for name in names if name in ("src", "style") or name.startswith("on")]
    assert not {tag for tag, _ in tags} & {"link", "img", "iframe", "object", "base", "svg"}
    links = [value or "" for _, attrs in tags for name, value in attrs if name == "href"]
    assert all(link.startswith(("#", "../")) or link == "rapport.xlsx" for link in links)
    assert not re.search(r"url\(|@import", html)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy.startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "unsafe" not in policy


def test_links_lead_to_the_returned_files(spoilt: Folder, html: str) -> None:
    links = {unquote(link) for link in re.findall(r'href="(\.\./[^"]+)"', html)}
    assert "../retours/l'envoi #2 (1) & 50 %.xlsx" in links
    for link in links:
        assert (spoilt.controle / link).is_file(), link


def test_every_anomaly_of_the_control_is_on_the_page(spoilt: Folder, html: str) -> None:
    text = unescape(re.sub(r"<[^>]+>", "", html))
    result = chaine.read_returns(chaine.gather(spoilt))
    assert len(result.anomalies) >= 5
    for anomalie in result.anomalies:
        assert anomalie.code.numero in text
        assert anomalie.message in text


def test_the_same_control_gives_the_same_bytes(spoilt: Folder) -> None:
    result = chaine.read_returns(chaine.gather(spoilt))
    one, two = (page.write(assemble(result, result.anomalies)) for _ in range(2))
    assert one == two == (spoilt.controle / "rapport.html").read_bytes()


def test_where_nothing_is_wrong_it_says_so(dossier: Folder) -> None:
    chaine.control(dossier, NOW)
    text = (dossier.controle / "rapport.html").read_text(encoding="utf-8")
    assert "aucune anomalie" in text
    assert 'id="filtre"' not in text


def opened(chrome: Any, folder: Folder, width: int = 1200, **emulated: str) -> Any:
    return browse(chrome, folder.controle / "rapport.html", width, **emulated)


def shown(chrome: Any) -> list[str]:
    """The codes of the anomalies that can be seen."""
    return [
        article.find_element("class name", "code").text
        for article in chrome.find_elements("css selector", "article.pli[data-gravite]")
        if article.is_displayed()
    ]


@needs_chromium
@pytest.mark.loopback
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1200])
def test_it_fits_the_screen_and_asks_for_nothing(
    chrome: Any, spoilt: Folder, width: int, scheme: str
) -> None:
    opened(chrome, spoilt, width, scheme=scheme)
    for details in chrome.find_elements("tag name", "details"):
        chrome.execute_script("arguments[0].open = true", details)
    assert overflow(chrome) == 0
    assert chrome.get_log("browser") == []
    assert requests(chrome) == ["rapport.html"]
    assert contrasts(chrome) == []


@needs_chromium
@pytest.mark.loopback
def test_the_anomalies_are_filtered(chrome: Any, spoilt: Folder) -> None:
    opened(chrome, spoilt)
    everything = shown(chrome)
    status = chrome.find_element("id", "compte")
    assert len(everything) >= 4
    assert status.text == f"{len(everything)} affichées"

    search = chrome.find_element("name", "texte")
    search.send_keys("bc3 REVENUE")
    assert shown(chrome) == ["GRI-301"]
    assert status.text == f"1 sur {len(everything)}"
    chrome.find_element("css selector", "button[type=reset]").click()
    assert shown(chrome) == everything

    gravity = chrome.find_element("name", "gravite")
    gravity.find_element("css selector", "option[value=a_verifier]").click()
    assert shown(chrome) == ["SES-010"]
    gravity.find_element("css selector", "option[value='']").click()
    chrome.find_element("css selector", "option[value=C1]").click()
    assert shown(chrome) == ["GRI-301"]


@needs_chromium
@pytest.mark.loopback
def test_without_script_everything_is_shown(chrome: Any, spoilt: Folder) -> None:
    opened(chrome, spoilt)
    everything = shown(chrome)
    chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened(chrome, spoilt)
        assert not chrome.find_element("id", "filtre").is_displayed()
        assert shown(chrome) == everything
    finally:
        chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@needs_chromium
@pytest.mark.loopback
def test_the_keyboard_reaches_everything_in_order(chrome: Any, spoilt: Folder) -> None:
    from selenium.webdriver.common.keys import Keys

    opened(chrome, spoilt)
    reached = []
    for _ in range(8):
        chrome.switch_to.active_element.send_keys(Keys.TAB)
        element = chrome.switch_to.active_element
        reached.append(element.get_attribute("name") or element.text)
    assert reached == [
        "Aller au contenu", "Anomalies", "Grilles", "Ce qui a été lu",
        "gravite", "candidat", "texte", "Tout montrer",
    ]  # fmt: skip


@needs_chromium
@pytest.mark.loopback
def test_it_is_built_for_those_who_listen_to_it(chrome: Any, spoilt: Folder) -> None:
    opened(chrome, spoilt)
    assert chrome.execute_script("return document.documentElement.lang") == "fr"
    levels = [int(h.tag_name[1]) for h in chrome.find_elements("css selector", "h1,h2,h3,h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for table in chrome.find_elements("tag name", "table"):
        assert table.find_elements("tag name", "caption")
        assert all(th.get_attribute("scope") for th in table.find_elements("tag name", "th"))
    for cell in chrome.find_elements("css selector", ".matrice td"):
        assert chrome.execute_script("return arguments[0].textContent", cell).strip(" ✔✘?–A\n")
    names = [e.accessible_name for e in chrome.find_elements("css selector", "input,select,button")]
    assert names == ["Gravité", "Candidat", "Contient", "Tout montrer"]


@needs_chromium
@pytest.mark.loopback
def test_sixty_candidates_stand_on_paper_too(chrome: Any, spoilt: Folder, tmp_path: Path) -> None:
    result = chaine.read_returns(chaine.gather(spoilt))
    report = assemble(result, [])
    names = {f"C{n:03}": f"Prénom NOM {n}" for n in range(1, 61)}
    states = dict.fromkeys(names, EtatFiche.NON_REVENUE)
    rows = tuple(replace(ligne, etats=states) for ligne in report.matrice)
    many = Folder(tmp_path)
    many.controle.mkdir()
    written = page.write(replace(report, candidats=names, matrice=rows))
    (many.controle / "rapport.html").write_bytes(written)
    opened(chrome, many, PAPER, media="print")
    assert overflow(chrome) == 0
    assert len(chrome.find_elements("css selector", ".matrice td")) == 60 * len(rows)
    captions = [one.text for one in chrome.find_elements("css selector", ".matrice caption")]
    assert captions[-1] == (
        "Chaque feuille attendue, par évaluateur et par candidat, de C041 à C060."
    )


@needs_chromium
@pytest.mark.loopback
def test_it_prints_on_a4_with_everything_opened_and_no_controls(
    chrome: Any, spoilt: Folder
) -> None:
    opened(chrome, spoilt, PAPER, media="print")
    assert overflow(chrome) == 0
    assert not chrome.find_element("id", "filtre").is_displayed()
    opened(chrome, spoilt)
    sheet = chrome.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
    )
    pdf = base64.b64decode(sheet["data"])
    pages = re.findall(rb"/Type\s*/Page\b", pdf)
    assert 1 <= len(pages) <= 4
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} <= {
        (595, 842),
        (594, 841),
        (596, 842),
    }
    # What was opened for the paper is closed again on the screen.
    assert not chrome.find_elements("css selector", "details[open]")


def test_a_table_cut_in_slices_shows_each_row_where_it_says_something() -> None:
    numeros = [f"C{rank}" for rank in range(1, 46)]
    one, other = (LigneMatrice(name, "E1", dict.fromkeys(own, EtatFiche.COMPLETE))
                  for name, own in (("A", numeros[:21]), ("B", numeros[40:])))  # fmt: skip
    found = slices(numeros, [one, other], EtatFiche)
    assert [(tranche, [ligne for ligne, _ in rows]) for tranche, rows in found] == [
        (numeros[:20], [one]), (numeros[20:40], [one]), (numeros[40:], [other]),
    ]  # fmt: skip
    # One sheet in this slice, then nineteen that nobody expects.
    first, *others = found[1][1][0][1].splitlines()
    assert "Complète" in first
    assert [("Pas de feuille" in cell) for cell in others] == [True] * 19
