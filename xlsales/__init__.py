"""The monthly sales analysis, inside the Excel workbook it came from, in Chinese and English."""
