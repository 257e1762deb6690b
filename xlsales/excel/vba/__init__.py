"""A VBA project from text: modules are read from their sources and written as ``xl/vbaProject.bin``.

By the specifications [MS-OVBA] (the project) and [MS-CFB] (the file it lies in). Nothing here needs Excel.
"""
