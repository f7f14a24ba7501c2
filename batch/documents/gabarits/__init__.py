"""A Word template of the house -> everything that is wrong with it, before a document is made.

sortes.py    what each template is for, and what it must print
surete.py    what a package may not hold: programs, what lies outside, entities
lecture.py   a package -> its paragraphs, each with its place and its tags
balises.py   tags that Word broke, or that stand in the wrong place
champs.py    fields, filters and tests that do not exist; what is printed, what is only tested
polices.py   fonts that this machine lacks
essai.py     fictional candidates, through the real calculation
"""
