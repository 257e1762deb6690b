"""A VBA project, written as ``xl/vbaProject.bin`` from sources, and read back from one.

By the specifications [MS-OVBA] (the project) and [MS-CFB] (the file it lies in). Nothing here needs Excel.
"""
