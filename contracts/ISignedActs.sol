// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Acts by signature
/// @notice Every act of a person has a second form, `…BySig`: the person signs EIP-712 typed data and anybody may carry
/// it to the chain and pay for it. The account named in the typed data is the one that acts.
interface ISignedActs {
    /// @notice The signature may no longer be used.
    /// @param deadline Last second (UNIX time) in which it could be.
    error SignatureExpired(uint48 deadline);

    /// @notice The signature is not one of `signer` over exactly these arguments, for this contract on this chain.
    /// @param signer The account that had to sign, either itself (ECDSA) or through its code (ERC-1271).
    error SignatureInvalid(address signer);
}
