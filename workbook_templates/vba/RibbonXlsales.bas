Attribute VB_Name = "RibbonXlsales"
Option Explicit
' What the ribbon calls. Every button runs one Python function and nothing else; while it runs, all
' of them are disabled.

Private ribbon As IRibbonUI
Private running As Boolean

Private Const MONTHS As Long = 13

Public Sub OnLoad(loaded As IRibbonUI)
    Set ribbon = loaded
End Sub

Public Sub OnButton(control As IRibbonControl)
    RunXl control.ID
End Sub

Public Sub OnChoice(control As IRibbonControl, chosen As String)
    RunXl control.ID, chosen
End Sub

Public Sub GetEnabled(control As IRibbonControl, ByRef returned)
    returned = Not running
End Sub

Public Sub GetVisible(control As IRibbonControl, ByRef returned)
    ' An add-in steps back where the active workbook has this tab itself.
    Dim sheet As Worksheet
    returned = True
    On Error GoTo done
    If ActiveWorkbook Is Nothing Then Exit Sub
    If ActiveWorkbook.Name = ThisWorkbook.Name Then Exit Sub
    For Each sheet In ActiveWorkbook.Worksheets
        If XlsalesSheets.NameText(sheet, "_xlsales.sheet") = "conf" Then returned = Not ActiveWorkbook.HasVBProject
    Next sheet
done:
End Sub

Public Sub GetChoice(control As IRibbonControl, ByRef returned)
    returned = XlsalesSheets.Setting(ActiveWorkbook, control.ID)
End Sub

Public Sub GetMonthCount(control As IRibbonControl, ByRef returned)
    returned = MONTHS
End Sub

Public Sub GetMonth(control As IRibbonControl, index As Integer, ByRef returned)
    ' The current month first.
    returned = Format(DateAdd("m", -index, Date), "yyyy\-mm")
End Sub

Public Sub Repaint()
    ' Have Excel ask for every label, text and state again, such as after another workbook is active.
    If Not ribbon Is Nothing Then ribbon.Invalidate
End Sub

Public Sub ClearSamples()
    ' Delete the sample rows of the template: on each sheet that names a mark, the rows that hold it.
    Dim sheet As Worksheet, found As Range, mark As String
    On Error GoTo failed
    For Each sheet In ThisWorkbook.Worksheets
        mark = XlsalesSheets.NameText(sheet, "_xlsales.samples")
        If mark <> "" Then
            Set found = FindBelowHeader(sheet, mark)
            Do While Not found Is Nothing
                found.EntireRow.Delete
                Set found = FindBelowHeader(sheet, mark)
            Loop
        End If
    Next sheet
    Exit Sub
failed:
    MsgBox Err.Description, vbExclamation
End Sub

Private Function FindBelowHeader(ByVal sheet As Worksheet, ByVal mark As String) As Range
    Dim body As Range
    Set body = sheet.Range(sheet.Rows(2), sheet.Rows(sheet.Rows.Count))
    Set FindBelowHeader = body.Find(What:=mark, LookIn:=xlFormulas, LookAt:=xlPart, MatchCase:=True)
End Function

Private Sub RunXl(ByVal id As String, Optional ByVal value As Variant)
    Dim arguments As String, failure As String
    If running Then Exit Sub
    arguments = "'" & id & "'"
    If Not IsMissing(value) Then arguments = arguments & ", '" & Escaped(CStr(value)) & "'"
    On Error GoTo failed
    running = True
    Repaint
    DoEvents
    RunPython "from xlsales.excel import macros; macros.press(" & arguments & ")"
    running = False
    Repaint
    Exit Sub
failed:
    failure = Err.Description
    running = False
    Repaint
    MsgBox failure, vbExclamation
End Sub

Private Function Escaped(ByVal value As String) As String
    ' As the inside of a Python string that no command line, shell or AppleScript reads otherwise.
    Dim place As Long, character As String
    For place = 1 To Len(value)
        character = Mid$(value, place, 1)
        If character Like "[A-Za-z0-9 ,._-]" Then
            Escaped = Escaped & character
        Else
            Escaped = Escaped & "\u" & Right$("000" & Hex$(AscW(character) And &HFFFF&), 4)
        End If
    Next place
End Function
