"""Networks as ONNX graphs: preprocessing and weights in one file, which is all that the runtime sees.

`preprocessing` is from a raw page to a frame, `classic` and `best` are the two digit networks behind it,
`export` puts weights inside and writes the file; `folding`, `quantisation` and `inlining` make it small and
fast.
"""
