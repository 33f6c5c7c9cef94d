"""Training, exporting and scoring the networks: the only part of handsum that may import Keras."""
