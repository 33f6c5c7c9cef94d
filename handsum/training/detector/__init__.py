"""The page network: a fully convolutional detector that finds and names every symbol of a page at once.

`store` keeps composed pages, `tiles` cuts and scales pieces out of them, `targets` says what the network
shall answer there, `network` and `loss` are what is trained, `scale` estimates how large a page is written,
`calibrate` makes scores probabilities, and `train` puts these together. What is shipped is built by `graph`.
"""
