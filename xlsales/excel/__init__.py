"""What Excel itself is given: ``template`` is the empty workbook to paste exports into."""
