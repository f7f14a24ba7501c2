"""Word documents: a sitting -> the procès-verbal and the letters.

contexte/   what the documents say: plain dictionaries, and all the French
rendu.py    a template and a context -> the bytes of a .docx (docxtpl lives here)
edition.py  a sitting -> all its documents, by name; the house's templates win over ours
"""
