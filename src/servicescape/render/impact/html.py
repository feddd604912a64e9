"""The matrix and the blast radius as pages: one file each, nothing loaded from anywhere."""

from servicescape.render.impact.html_blast import render_blast_radius
from servicescape.render.impact.html_matrix import render_matrix

__all__ = ["render_blast_radius", "render_matrix"]
