"""What the server gains over simpler ways, with models of random weights: they take as long as real
ones and write noise, so the filters are left out.
"""
