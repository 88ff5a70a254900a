"""Benchmarks: what the program does, each beside a bare program that does only what nobody can leave out."""
