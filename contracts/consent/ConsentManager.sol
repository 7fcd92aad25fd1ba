// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConsentId, IConsentManager} from "./IConsentManager.sol";
import {SignedActs} from "../SignedActs.sol";

/// @title Consent manager
/// @notice One slot per consent, keyed by its patient: an id seen in the mempool is of no use to anybody else.
abstract contract ConsentManager is IConsentManager, SignedActs {
    uint48 private constant MAX_GRANT_TRAVEL = 1 days;

    bytes32 private constant TERMS_TYPEHASH = keccak256(
        "ConsentTerms(address patient,address grantee,address organisation,bytes32[] scopes,uint32 fromEpoch,uint32 rights,uint48 notBefore,uint48 expiresAt,uint32 maxViews,uint32 flags,About about)About(string scopes,string purpose,bytes32 salt)"
    );
    bytes32 private constant GRANT_TYPEHASH = keccak256(
        "Grant(ConsentTerms terms,bytes32 bundle,uint48 signedAt,uint48 deadline)About(string scopes,string purpose,bytes32 salt)ConsentTerms(address patient,address grantee,address organisation,bytes32[] scopes,uint32 fromEpoch,uint32 rights,uint48 notBefore,uint48 expiresAt,uint32 maxViews,uint32 flags,About about)"
    );
    bytes32 private constant REVOKE_TYPEHASH = keccak256("Revoke(address patient,bytes32 consentId,uint48 deadline)");
    bytes32 private constant REVOKE_ALL_TYPEHASH = keccak256(
        "RevokeAll(address patient,uint48 signedAt,uint48 deadline)"
    );

    mapping(address patient => mapping(ConsentId consentId => ConsentState)) private _consents;
    mapping(address patient => uint48) private _revokedBefore;

    /// @inheritdoc IConsentManager
    function grant(ConsentId consentId, bytes32 bundle) external {
        _grant(msg.sender, consentId, bundle, uint48(block.timestamp));
    }

    /// @inheritdoc IConsentManager
    function grantBySig(
        address patient,
        ConsentId consentId,
        bytes32 bundle,
        uint48 signedAt,
        uint48 deadline,
        bytes calldata signature
    ) external {
        if (signedAt > block.timestamp) revert SignedInFuture(signedAt);
        if (deadline > uint256(signedAt) + MAX_GRANT_TRAVEL) revert GrantDeadlineTooLate(signedAt, deadline);
        bytes32 structHash = keccak256(abi.encode(GRANT_TYPEHASH, consentId, bundle, signedAt, deadline));
        _checkSignature(patient, structHash, deadline, signature);
        uint48 bound = _revokedBefore[patient];
        if (signedAt <= bound) revert GrantSuperseded(patient, consentId, signedAt, bound);
        _grant(patient, consentId, bundle, signedAt);
    }

    /// @inheritdoc IConsentManager
    function revoke(ConsentId consentId) external {
        _revoke(msg.sender, consentId);
    }

    /// @inheritdoc IConsentManager
    function revokeBySig(address patient, ConsentId consentId, uint48 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(REVOKE_TYPEHASH, patient, consentId, deadline));
        _checkSignature(patient, structHash, deadline, signature);
        _revoke(patient, consentId);
    }

    /// @inheritdoc IConsentManager
    function revokeAll() external {
        _revokeAll(msg.sender, uint48(block.timestamp));
    }

    /// @inheritdoc IConsentManager
    function revokeAllBySig(address patient, uint48 signedAt, uint48 deadline, bytes calldata signature) external {
        if (signedAt > block.timestamp) revert SignedInFuture(signedAt);
        bytes32 structHash = keccak256(abi.encode(REVOKE_ALL_TYPEHASH, patient, signedAt, deadline));
        _checkSignature(patient, structHash, deadline, signature);
        _revokeAll(patient, signedAt);
    }

    /// @inheritdoc IConsentManager
    function stateOf(address patient, ConsentId consentId) external view returns (uint48 grantedAt, uint48 revokedAt) {
        ConsentState storage state = _consents[patient][consentId];
        return (state.grantedAt, state.revokedAt);
    }

    /// @inheritdoc IConsentManager
    function revokedBefore(address patient) external view returns (uint48) {
        return _revokedBefore[patient];
    }

    /// @inheritdoc IConsentManager
    function isActive(Terms calldata terms) external view returns (bool) {
        return _isActive(terms, hashTerms(terms));
    }

    /// @inheritdoc IConsentManager
    function hashTerms(Terms calldata terms) public pure returns (ConsentId) {
        return ConsentId.wrap(keccak256(abi.encode(TERMS_TYPEHASH, terms)));
    }

    /// @dev `consentId` must be the hash of `terms`. A grant in the second of a revokeAll is void.
    function _isActive(Terms calldata terms, ConsentId consentId) internal view returns (bool) {
        if (block.timestamp < terms.notBefore || block.timestamp >= terms.expiresAt) return false;
        ConsentState memory state = _consents[terms.patient][consentId];
        // 0 is "never", a mark and not a moment: nobody can steer a revocation to it.
        // slither-disable-next-line incorrect-equality
        return state.revokedAt == 0 && state.grantedAt > _revokedBefore[terms.patient];
    }

    /// @dev `grantedAt` is never 0: a granted slot is never taken for an empty one.
    function _grant(address patient, ConsentId consentId, bytes32 bundle, uint48 grantedAt) private {
        ConsentState memory state = _consents[patient][consentId];
        if (state.grantedAt != 0 || state.revokedAt != 0) revert ConsentAlreadyUsed(patient, consentId);
        _consents[patient][consentId] = ConsentState({grantedAt: grantedAt, revokedAt: 0});
        emit Granted(patient, consentId, bundle, grantedAt);
    }

    function _revoke(address patient, ConsentId consentId) private {
        ConsentState storage state = _consents[patient][consentId];
        uint48 revokedAt = state.revokedAt;
        if (revokedAt != 0) revert ConsentAlreadyRevoked(patient, consentId, revokedAt);
        revokedAt = uint48(block.timestamp);
        state.revokedAt = revokedAt;
        emit Revoked(patient, consentId, revokedAt);
    }

    function _revokeAll(address patient, uint48 signedAt) private {
        uint48 bound = _revokedBefore[patient];
        if (signedAt <= bound) revert RevokeAllSuperseded(patient, signedAt, bound);
        _revokedBefore[patient] = signedAt;
        emit AllRevoked(patient, signedAt);
    }
}
