"""Stand-in shapes of the real places: the place and its colour are real, the form is ours."""

from scenes.landmarks.shapes import landmark_mesh, station_mesh

__all__ = ["landmark_mesh", "station_mesh"]
