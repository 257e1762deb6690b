"""The ribbon tab: ``buttons`` declares what is on it, ``markup`` makes Excel's customUI14 part of that."""
