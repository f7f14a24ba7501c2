"""The règlement: what the certificateur decides and the référentiel does not say."""
