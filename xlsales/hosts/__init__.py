"""The carriers: a host gives the workbook and takes the sheets back; everything between knows none."""
