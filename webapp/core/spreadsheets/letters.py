"""Columns of a spreadsheet by their letters; the library's own words load numpy."""

_LETTERS = 26


def column_letter(number: int) -> str:
    """Return the letters of a column, counted from 1: A, Z, AA."""
    letters = ""
    while number:
        number, left = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + left) + letters
    return letters


def column_number(letters: str) -> int:
    """Return which column, counted from 1, has these capitals."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number
