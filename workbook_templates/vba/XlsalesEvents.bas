Attribute VB_Name = "XlsalesEvents"
Option Explicit
Option Private Module

' What Excel's events tell: when one calculation ended, and that functions can be described.

Private currentPass As Long
Private described As Boolean

Public Function XsPass() As Long
    ' The number of the calculation that is running. While it stays the same, a range that holds no formula holds
    ' what it held. 0 while nobody would tell that this changed: events are off, as many macros turn them off to
    ' write cells, or VBA was reset, and hears of events again from here on.
    '
    ' Excel also works functions out on their own, for the function wizard, for a conditional format, or for a
    ' formula that is entered while calculation is manual. No event tells that this ended, so whoever keeps
    ' something by this number must forget it after a pause.
    If Not ThisWorkbook.Hooked Then
        ThisWorkbook.Hook
    ElseIf Application.EnableEvents Then
        XsPass = currentPass
    End If
End Function

Public Sub NextPass()
    ' A number never returns, not even after VBA was reset and forgot it: Python may remember. So it follows the
    ' clock, in hundredths of a second over 200 days, and runs ahead of it when calculations come faster.
    Dim clock As Long
    clock = CLng((CLng(Date) Mod 200) * 8640000# + Timer * 100)
    If clock > currentPass Then
        currentPass = clock
    Else
        currentPass = currentPass + 1
    End If
End Sub

Public Sub DescribeFunctions()
    ' Excel refuses while no workbook is open, as when an add-in loads, so this is tried until it succeeds. A
    ' workbook without functions has nothing to describe. The workbook stays as saved as it was.
    Dim book As String, done As Collection, saved As Boolean
    If described Then Exit Sub
    book = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!"
    saved = ThisWorkbook.Saved
    Set done = New Collection
    On Error Resume Next
    Application.Run book & "XsDescribe", book, done
    described = done.Count > 0
    ThisWorkbook.Saved = saved
End Sub
