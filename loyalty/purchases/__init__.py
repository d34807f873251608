"""The main job and its ways back: read, judge, write; refund, cancel, foresee."""
