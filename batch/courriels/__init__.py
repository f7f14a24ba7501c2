"""What the session sends by mail: nothing wrong, nothing twice, nothing to the wrong person.

modele.py        what a mail is before it is bytes: whom, what, which attachments
redaction.py     templates -> subject and bodies
message.py       a mail -> its bytes, as a draft or as it leaves
gardes.py        what is checked before the first one leaves
fournisseurs.py  what the usual providers accept
registre.py      the ledger: what was begun, what was confirmed
serveur.py       one SMTP connection, encrypted and authenticated
envoi.py         the mails in turn: pace, refusals, cuts
"""
