"""How long the work takes and what it weighs, beside a plain script's way and the machine's own.

From the top of the checkout: `python -m tests.vitesse`, whose --help tells the options.

    session    a seed and a number -> a whole fictional session, kept in a cache
    retours    its grids as Excel leaves them once filled, a twentieth of them faulty
    fautes     in which ways
    etapes     for each stage: the plain way, ours, the limit, and whether they did the same
    mesure     a stage, done each way in turn, each time in a process of its own
    tableau    measures -> medians, ratios, growth
"""
