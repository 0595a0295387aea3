"""Pages to print: the letters they are set in, the way to PDF, slips and orders."""
