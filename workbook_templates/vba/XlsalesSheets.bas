Attribute VB_Name = "XlsalesSheets"
Option Explicit
Option Private Module

' What our sheets in a workbook say: the marks that they carry, and the settings.

Private heard As String
Private heardIn As String
Private heardAt As Long

Public Function XsLanguage(ByVal caller As Variant) As String
    ' The language that the settings sheet of the workbook asks for in whose cell a function stands; empty where it
    ' asks for none. It is looked up once in a calculation, however many cells ask.
    Dim book As Workbook, calculation As Long
    On Error GoTo done
    If IsObject(caller) Then
        Set book = caller.Worksheet.Parent
        calculation = XlsalesEvents.XsPass()
        If calculation = 0 Or calculation <> heardAt Or book.FullName <> heardIn Then
            heard = Setting(book, "language")
            heardIn = book.FullName
            heardAt = calculation
        End If
        XsLanguage = heard
    End If
done:
End Function

Public Function Setting(ByVal book As Workbook, ByVal key As String) As String
    ' What the settings sheet of a workbook says; empty where there is none.
    Dim sheet As Worksheet, row As Long
    On Error GoTo done
    For Each sheet In book.Worksheets
        If NameText(sheet, "_xlsales.sheet") = "settings" Then
            For row = 1 To 40
                If LCase$(Trim$(sheet.Cells(row, 1).Text)) = key Then
                    Setting = sheet.Cells(row, 2).Text
                    Exit Function
                End If
            Next row
        End If
    Next sheet
done:
End Function

Public Function NameText(ByVal sheet As Worksheet, ByVal wanted As String) As String
    ' The text that a hidden name of this sheet holds; empty where it has none.
    Dim said As String
    On Error GoTo done
    said = sheet.Names(wanted).RefersTo
    NameText = Mid$(said, 3, Len(said) - 3)
done:
End Function
