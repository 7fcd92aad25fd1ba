// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ISignedActs} from "./ISignedActs.sol";

/// @title Acts by signature
/// @notice The one place where a signature is checked. Domain: name "Carekey", version "1".
/// @dev ECDSA comes first and code second, other than in {SignatureChecker-isValidSignatureNowCalldata}: an account that
/// delegates to code (EIP-7702) still acts by its own key, and nobody pays for a look at code that is not there.
/// Accounts with code are asked by a static call, so no signer can re-enter.
abstract contract SignedActs is ISignedActs, EIP712("Carekey", "1"), Nonces {
    /// @dev For acts that can happen once only (grant, revoke): their id is the protection against replay.
    function _checkSignature(
        address signer,
        bytes32 structHash,
        uint48 deadline,
        bytes calldata signature
    ) internal view {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 digest = _hashTypedDataV4(structHash);
        // The third value only details `err`.
        // slither-disable-next-line unused-return
        (address recovered, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (err == ECDSA.RecoverError.NoError && recovered == signer) return;
        if (!SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature)) {
            revert SignatureInvalid(signer);
        }
    }

    /// @dev For acts that can repeat: `nonce` is part of `structHash` and must be the signer's next one.
    function _useSignature(
        address signer,
        bytes32 structHash,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) internal {
        _checkSignature(signer, structHash, deadline, signature);
        _useCheckedNonce(signer, nonce);
    }
}
