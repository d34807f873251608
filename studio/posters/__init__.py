"""Posters and other printed formats around a code: drawings in millimetres, for the writers and the preflight of `studio.drawing`.

`contents` is what one says, `formats` what it is printed on, `composing` makes the drawing of both.
"""
