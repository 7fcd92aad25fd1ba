// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev EIP-712 hash of the terms of one consent. Binds neither chain nor contract: whoever uses it elsewhere must.
type ConsentId is bytes32;

// What a consent allows: exactly one of the two.
uint32 constant RIGHT_READ = 1;
uint32 constant RIGHT_WRITE = 2;

// Further conditions, added together.
uint32 constant FLAG_OTP = 1; // a one-time code for each view
uint32 constant FLAG_LICENSED = 2; // the grantee must be a verified clinician at the time of use

/// @title Consent manager
/// @notice When a consent was given and when it was taken back. The chain keeps an opaque id and two times: it learns
/// neither who may read nor what, while the patient's wallet shows all the terms, since the signed `Grant` nests them.
/// @dev State of one id of one patient: NONE -> GRANTED -> REVOKED, or NONE -> REVOKED (a tombstone). No way back.
interface IConsentManager {
    /// @dev The terms as the contract hashes them: lists and words are hashed beforehand, so all words are static.
    struct Terms {
        address patient; // who gives the consent
        address grantee; // who may act on it
        address organisation; // the grantee must be its attested member at the time of use; zero = none
        bytes32 scopesHash; // keccak256 over the concatenated opaque scope tags
        uint32 fromEpoch; // first epoch of the scope keys that the consent covers
        uint32 rights; // RIGHT_READ or RIGHT_WRITE
        uint48 notBefore; // seconds; first moment of the consent
        uint48 expiresAt; // seconds; first moment after it
        uint32 maxViews; // how many views, 0 = no limit
        uint32 flags; // FLAG_OTP | FLAG_LICENSED
        bytes32 aboutHash; // EIP-712 hash of the words for the person and the salt
    }

    /// @dev Fits one slot. All zero: never heard of.
    struct ConsentState {
        uint48 grantedAt; // seconds; 0 = not granted
        uint48 revokedAt; // seconds; 0 = not revoked
    }

    /// @notice The id was granted or revoked before. A new consent takes a new salt, hence a new id.
    error ConsentAlreadyUsed(address patient, ConsentId consentId);

    /// @notice The consent was revoked before, at `revokedAt` (seconds).
    error ConsentAlreadyRevoked(address patient, ConsentId consentId, uint48 revokedAt);

    /// @notice The patient took back everything granted up to `revokedBefore`, and this grant is not younger.
    error GrantSuperseded(address patient, ConsentId consentId, uint48 grantedAt, uint48 revokedBefore);

    /// @notice The patient took back everything up to `revokedBefore` already, which is as late as `signedAt` or later.
    error RevokeAllSuperseded(address patient, uint48 signedAt, uint48 revokedBefore);

    /// @notice The signature claims a time that has not come.
    error SignedInFuture(uint48 signedAt);

    /// @notice A signed grant may travel for a day at most.
    error GrantDeadlineTooLate(uint48 signedAt, uint48 deadline);

    /// @notice A consent was given.
    /// @param patient Who gave it.
    /// @param consentId Hash of its terms.
    /// @param bundle sha-256 of the block with the sealed keys and terms.
    /// @param grantedAt Seconds; when the patient granted or signed it.
    event Granted(address indexed patient, ConsentId indexed consentId, bytes32 bundle, uint48 grantedAt);

    /// @notice A consent was taken back, or an id was barred before anybody used it.
    /// @param patient Whose consent it is.
    /// @param consentId Hash of its terms.
    /// @param revokedAt Seconds; when the chain learnt it.
    event Revoked(address indexed patient, ConsentId indexed consentId, uint48 revokedAt);

    /// @notice All consents of a patient were taken back.
    /// @param patient Whose consents they are.
    /// @param revokedBefore Seconds; consents granted at or before this time are void.
    event AllRevoked(address indexed patient, uint48 revokedBefore);

    /// @notice Gives a consent. The wallet shows only the hash: prefer {grantBySig}.
    /// @dev A grant in the very second of a {revokeAll} is void, whichever came first: ask {isActive}.
    /// @param consentId Hash of the terms, never used by the caller before.
    /// @param bundle sha-256 of the block with the sealed keys and terms.
    function grant(ConsentId consentId, bytes32 bundle) external;

    /// @notice {grant} for a patient who signed `Grant(terms,bundle,signedAt,deadline)`, the terms being written out.
    /// @dev No nonce: an id can be granted once.
    /// @param patient Who gives the consent.
    /// @param consentId Hash of the terms.
    /// @param bundle sha-256 of the block with the sealed keys and terms.
    /// @param signedAt Seconds, not in the future; becomes the time of the grant.
    /// @param deadline Last second in which the signature may be used, a day after `signedAt` at most.
    /// @param signature ECDSA or ERC-1271 signature by `patient`.
    function grantBySig(
        address patient,
        ConsentId consentId,
        bytes32 bundle,
        uint48 signedAt,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice Takes a consent back for ever. An id that was never granted is barred, so that a signed grant
    /// which somebody keeps back can no longer be used.
    /// @param consentId Hash of the terms.
    function revoke(ConsentId consentId) external;

    /// @notice {revoke} for a patient who signed `Revoke(patient,consentId,deadline)`.
    /// @param patient Whose consent it is.
    /// @param consentId Hash of the terms.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `patient`.
    function revokeBySig(address patient, ConsentId consentId, uint48 deadline, bytes calldata signature) external;

    /// @notice Takes back all the caller's consents granted up to now, and bars signed grants that are still on their way.
    function revokeAll() external;

    /// @notice {revokeAll} as of `signedAt` for a patient who signed `RevokeAll(patient,signedAt,deadline)`.
    /// @dev Grants made after `signedAt` stay, however late the signature arrives.
    /// @param patient Whose consents they are.
    /// @param signedAt Seconds, not in the future.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `patient`.
    function revokeAllBySig(address patient, uint48 signedAt, uint48 deadline, bytes calldata signature) external;

    /// @notice When a consent was given and taken back. Says nothing of {revokedBefore}.
    /// @param patient Whose consent it is.
    /// @param consentId Hash of its terms.
    /// @return grantedAt Seconds, 0 = not granted.
    /// @return revokedAt Seconds, 0 = not revoked.
    function stateOf(address patient, ConsentId consentId) external view returns (uint48 grantedAt, uint48 revokedAt);

    /// @notice Up to when all of a patient's consents are void.
    /// @param patient The patient.
    /// @return Seconds, 0 = never used.
    function revokedBefore(address patient) external view returns (uint48);

    /// @notice Whether these terms are granted, not taken back, and inside their window at this block's time.
    /// Licence, membership, one-time codes and the count of views are for the one who acts on the consent to check.
    /// @param terms The terms.
    /// @return Whether they are.
    function isActive(Terms calldata terms) external view returns (bool);

    /// @notice The id of these terms.
    /// @param terms The terms.
    /// @return EIP-712 struct hash of `ConsentTerms`.
    function hashTerms(Terms calldata terms) external pure returns (ConsentId);
}
