"""Where the templates shipped are made: what they are made of, then one module a document.

briques.py   paragraphs, rows, tables, conditions and loops, as WordprocessingML
styles.py    the styles; feuille.py the page, its head and foot; fichier.py the whole file
"""
