"""The usual Keras program, a peer to start: opens mnist.h5, shrinks a picture to 28x28, prints the digit."""

import sys

import keras
import numpy as np
from PIL import Image

network = keras.models.load_model(sys.argv[1], compile=False)
picture = 255 - np.asarray(Image.open(sys.argv[2]).convert("L").resize((28, 28)))
print(network.predict(picture[None, :, :, None] / 255.0, verbose=0).argmax())
