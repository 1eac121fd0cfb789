"""Piecework: companies' orders made by households at home, all material and money in ledgers."""
