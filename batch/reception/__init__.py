"""What is dropped in retours/ -> the workbooks in it, each bounded and named; or why not.

limites      every figure, and its reason
genre        the first bytes -> what kind of file this is
archive      a zip, opened within the limits
contenants   a zip or a mail -> what it holds
depot        a folder -> everything that lies in it, nothing left out
refus        why something is not opened
"""
