// Opens workbooks with programs other than Excel, types in them, saves them: run by
// tests/test_tableurs.py.
//
//     node ecrire.mjs TACHES.json
//
// TACHES: [{"avec": "exceljs" | "sheetjs", "source": path, "cible": path,
//           "saisies": {sheet: {"D12": text, number or null}}}]
// A target is saved in the format of its extension.

import { readFile, writeFile } from "node:fs/promises";
import { extname } from "node:path";
import ExcelJS from "exceljs";
import XLSX from "xlsx";

async function exceljs({ source, cible, saisies }) {
  const classeur = new ExcelJS.Workbook();
  await classeur.xlsx.readFile(source);
  for (const [feuille, cellules] of Object.entries(saisies)) {
    for (const [adresse, valeur] of Object.entries(cellules)) {
      classeur.getWorksheet(feuille).getCell(adresse).value = valeur;
    }
  }
  await classeur.xlsx.writeFile(cible);
}

async function sheetjs({ source, cible, saisies }) {
  const classeur = XLSX.read(await readFile(source));
  for (const [feuille, cellules] of Object.entries(saisies)) {
    for (const [adresse, valeur] of Object.entries(cellules)) {
      const rang = valeur === null ? [[]] : [[valeur]];
      delete classeur.Sheets[feuille][adresse];
      XLSX.utils.sheet_add_aoa(classeur.Sheets[feuille], rang, { origin: adresse });
    }
  }
  const options = { bookType: extname(cible).slice(1), type: "buffer" };
  await writeFile(cible, XLSX.write(classeur, options));
}

const programmes = { exceljs, sheetjs };
for (const tache of JSON.parse(await readFile(process.argv[2], "utf8"))) {
  await programmes[tache.avec](tache);
}
