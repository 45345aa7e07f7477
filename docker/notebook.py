"""Writes a notebook whose code cells are the arguments."""
import json
import sys

cells = [
    {"cell_type": "code", "execution_count": None, "id": f"c{i}", "metadata": {}, "outputs": [], "source": text}
    for i, text in enumerate(sys.argv[1:])
]
kernel = {"name": "interleave", "display_name": "Go (Interleave)", "language": "go"}
json.dump({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}, sys.stdout)
