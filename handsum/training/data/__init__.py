"""Data as they are: MNIST, files of ink and any other labelled set, found, downloaded, checked and split."""
