"use strict";
// Filters for the anomalies; without this script they are all shown.
(() => {
  const filtre = document.getElementById("filtre");
  const plier = (texte) => texte.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  if (filtre) {
    const plis = [...document.querySelectorAll("article.pli[data-gravite]")].map((article) => ({
      article,
      texte: plier(article.textContent),
      candidats: article.dataset.candidats.split(" "),
    }));
    const trier = () => {
      const { gravite, candidat, texte } = filtre.elements;
      const mots = plier(texte.value).split(/\s+/).filter(Boolean);
      let montres = 0;
      for (const pli of plis) {
        const garde =
          (!gravite.value || pli.article.dataset.gravite === gravite.value) &&
          (!candidat.value || pli.candidats.includes(candidat.value)) &&
          mots.every((mot) => pli.texte.includes(mot));
        pli.article.hidden = !garde;
        montres += garde;
      }
      const tous = plis.length;
      document.getElementById("compte").textContent =
        montres === tous ? `${tous} affichée${tous > 1 ? "s" : ""}` : `${montres} sur ${tous}`;
    };
    filtre.hidden = false;
    filtre.addEventListener("input", trier);
    filtre.addEventListener("change", trier);
    filtre.addEventListener("submit", (event) => event.preventDefault());
    filtre.addEventListener("reset", () => setTimeout(trier));
    trier();
  }
  // On paper nothing can be opened.
  let fermes = [];
  addEventListener("beforeprint", () => {
    fermes = [...document.querySelectorAll("details:not([open])")];
    for (const details of fermes) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of fermes) details.open = false;
  });
})();
