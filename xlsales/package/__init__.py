"""The .xlsx package as a user's property: opened, added to, checked and saved without loss.

``opc`` is the zip of parts and relationships, ``book`` the workbook part in it, ``styles`` merges
formats, ``plan`` chooses names, ``graft`` puts our sheets in, ``check`` proves that nothing else
changed, ``save`` replaces the file or leaves it as it was. Nothing here knows what our sheets say.
"""
