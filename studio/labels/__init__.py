"""Packaging codes as labels to print: a sheet of paper is cut in as many as its grid says. The codes are `loyalty.codes`' own."""
