"""Hostile files made from real ones, to see that none breaks the batch.

specimens    what evaluators really send: grids in each format, zips, mails
octets       bytes spoilt without understanding them
paquets      a zip spoilt as a zip: its table of contents, its streams, its parts
balises      XML spoilt as XML: tags, attributes, texts, declarations, encodings
epreuve      one case -> its verdict, in a child process that is bounded and watched

    python -m fuzz --graine 1 --minutes 20
    python -m fuzz --graine 1 --cas 1234 --garder .
"""
