"""What VBA takes as a name ([MS-VBAL] 3.3.5), so that a project that cannot be compiled is never written."""

from __future__ import annotations

import re

_RESERVED = """
addressof and any as byref byval call case close const declare defbool defbyte defcur defdate defdbl defint
deflng deflnglng deflngptr defobj defsng defstr defvar dim do each else elseif end endif enum eqv erase
event exit for friend function get global gosub goto if imp implements in input is let like lock loop lset
mod new next not on open option optional or paramarray preserve print private public put raiseevent redim
rem resume return rset seek select set shared spc static stop sub tab then to type typeof unlock until wend
while with withevents write xor
abs array attribute boolean byte cbool cbyte ccur cdate cdbl cdecl cdec cint circle clng clnglng clngptr
csng cstr currency cvar cverr date debug decimal defdec doevents double empty false fix inputb int integer
lbound len lenb lineinput long longlong longptr me nothing null pset scale sgn single string true ubound
variant vb_base vb_control vb_creatable vb_customizable vb_description vb_exposed vb_ext_key
vb_globalnamespace vb_helpid vb_invoke_func vb_invoke_property vb_invoke_propertyput
vb_invoke_propertyputref vb_memberflags vb_name vb_predeclaredid vb_procdata vb_templatederived vb_usermemid
vb_vardescription vb_varhelpid vb_varmemberflags vb_varprocdata vb_varusermemid
"""

RESERVED = frozenset(_RESERVED.split())
"""The reserved identifiers, in lower case: VBA does not tell upper from lower."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")


def usable(name: str) -> bool:
    """Whether ``name`` can name a procedure, an argument or, up to 31 characters, a module on any Windows."""
    return bool(_NAME.fullmatch(name)) and name.lower() not in RESERVED
