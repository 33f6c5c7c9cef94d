"""Speed, each figure beside a stock Keras program measured in the same run: `make bench`."""
