"""An archive <-> the same under a passphrase, in the age format (age-encryption.org/v1).

Any program that knows age opens it with the passphrase, ours or not.
"""

from types import ModuleType

from batch.anomalies import Empechement

_TETE = b"age-encryption.org/v1"


def is_encrypted(contenu: bytes) -> bool:
    return contenu.startswith(_TETE)


def encrypt(contenu: bytes, phrase: str) -> bytes:
    sealed: bytes = _pyrage().passphrase.encrypt(contenu, phrase)
    return sealed


def decrypt(nom: str, contenu: bytes, phrase: str) -> bytes:
    pyrage = _pyrage()
    try:
        opened: bytes = pyrage.passphrase.decrypt(contenu, phrase)
    except pyrage.DecryptError as error:
        raise Empechement(
            f"{nom} ne s'ouvre pas : la phrase n'est pas la bonne, ou le fichier a été altéré. "
            f"Vérifiez la phrase ; si elle est juste, reprenez une autre copie de l'archive."
        ) from error
    return opened


def _pyrage() -> ModuleType:
    try:
        import pyrage
    except ImportError as error:
        raise Empechement(
            "Le chiffrement demande une bibliothèque de plus. Installez-la : "
            'pip install "jury-batch[chiffrement]".'
        ) from error
    module: ModuleType = pyrage
    return module
