"""The .xlsx package as a user's property: opened, added to, checked and saved without loss.

From the file inwards: ``archive`` is the zip, ``opc`` its parts and relationships, ``markup`` their XML,
``book`` the workbook part, ``names`` its defined names, ``references`` the names inside formulas, ``styles``
and ``fonts`` its formats. ``plan`` chooses names, ``transplant`` makes a sheet fit (``charts``: with every
default said), ``graft`` puts our sheets in, ``calculation`` keeps the chain right, ``check`` proves that
nothing else changed, ``save`` replaces the file or leaves it as it was (``replace`` is the step, ``backups``
what it held before), and ``blank`` is the workbook for those who bring none. ``cells`` is what the cells
of a sheet hold and ``forms`` those that users fill; ``prints`` tells whether somebody wrote on a sheet of
ours, ``keep`` saves what they wrote, ``notes`` puts a few words on one, and ``extract`` takes sheets out so
that they can go elsewhere.
Nothing here knows what our sheets say.
"""
