// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IIdentityRegistry, ROLE_CLINICIAN, ROLE_KEEPER, ROLE_ORGANISATION, ROLE_PATIENT} from "./IIdentityRegistry.sol";
import {SignedActs} from "../SignedActs.sol";

/// @title Identity registry
/// @notice Keys, roles, licences, memberships and links from ids to accounts.
/// @dev Registrars hold REGISTRAR_ROLE, which the default admin grants and takes. They have no power over patients:
/// nothing that a patient does asks for a role, a licence or the absence of a suspension.
abstract contract IdentityRegistry is IIdentityRegistry, SignedActs, AccessControlDefaultAdminRules {
    struct Link {
        address account; // zero = removed
        address issuer; // zero = never linked
    }

    /// @notice The role that checks licences.
    bytes32 public constant REGISTRAR_ROLE = keccak256("REGISTRAR_ROLE");

    bytes32 private constant REGISTER_TYPEHASH = keccak256(
        "Register(address account,uint8 role,bytes32 keyDocument,uint256 nonce,uint48 deadline)"
    );
    bytes32 private constant ROTATE_KEY_TYPEHASH = keccak256(
        "RotateKey(address account,bytes32 keyDocument,uint256 nonce,uint48 deadline)"
    );

    mapping(address account => Identity) private _identities;
    mapping(address organisation => mapping(address member => uint48 validUntil)) private _memberships;
    mapping(bytes32 commitment => Link) private _links;

    modifier onlyVerifiedOrganisation() {
        _checkVerifiedOrganisation();
        _;
    }

    /// @inheritdoc IIdentityRegistry
    function register(uint8 role, bytes32 keyDocument) external {
        _register(msg.sender, role, keyDocument);
    }

    /// @inheritdoc IIdentityRegistry
    function registerBySig(
        address account,
        uint8 role,
        bytes32 keyDocument,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(REGISTER_TYPEHASH, account, role, keyDocument, nonce, deadline));
        _useSignature(account, structHash, nonce, deadline, signature);
        _register(account, role, keyDocument);
    }

    /// @inheritdoc IIdentityRegistry
    function rotateKey(bytes32 keyDocument) external {
        _rotateKey(msg.sender, keyDocument);
    }

    /// @inheritdoc IIdentityRegistry
    function rotateKeyBySig(
        address account,
        bytes32 keyDocument,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(ROTATE_KEY_TYPEHASH, account, keyDocument, nonce, deadline));
        _useSignature(account, structHash, nonce, deadline, signature);
        _rotateKey(account, keyDocument);
    }

    /// @inheritdoc IIdentityRegistry
    function verify(address account, uint48 validUntil, bytes32 licenceCommitment) external onlyRole(REGISTRAR_ROLE) {
        if (validUntil <= block.timestamp) revert IdentityValidityElapsed(validUntil);
        Identity storage identity = _licensable(account);
        if (block.timestamp >= identity.verifiedUntil) identity.verifiedSince = _now32();
        identity.verifiedUntil = validUntil;
        emit Verified(account, msg.sender, validUntil, licenceCommitment);
    }

    /// @inheritdoc IIdentityRegistry
    function suspend(address account) external onlyRole(REGISTRAR_ROLE) {
        Identity storage identity = _licensable(account);
        if (identity.suspended) revert IdentitySuspensionUnchanged(account, true);
        identity.suspended = true;
        emit Suspended(account, msg.sender);
    }

    /// @inheritdoc IIdentityRegistry
    function restore(address account) external onlyRole(REGISTRAR_ROLE) {
        Identity storage identity = _licensable(account);
        if (!identity.suspended) revert IdentitySuspensionUnchanged(account, false);
        identity.suspended = false;
        identity.verifiedSince = _now32();
        emit Restored(account, msg.sender);
    }

    /// @inheritdoc IIdentityRegistry
    function attestMembership(address member, uint48 validUntil) external onlyVerifiedOrganisation {
        if (_memberships[msg.sender][member] == validUntil) {
            revert IdentityMembershipUnchanged(msg.sender, member, validUntil);
        }
        _memberships[msg.sender][member] = validUntil;
        emit MembershipAttested(msg.sender, member, validUntil);
    }

    /// @inheritdoc IIdentityRegistry
    function linkId(bytes32 blindedId, address account) external onlyVerifiedOrganisation {
        bytes32 commitment = keccak256(abi.encode(msg.sender, blindedId));
        if (_links[commitment].account == account) revert IdentityLinkUnchanged(commitment, account);
        _links[commitment] = Link({account: account, issuer: msg.sender});
        emit IdLinked(msg.sender, commitment, account);
    }

    /// @inheritdoc IIdentityRegistry
    function resolve(bytes32 commitment) external view returns (address account, address issuer) {
        Link storage link = _links[commitment];
        return (link.account, link.issuer);
    }

    /// @inheritdoc IIdentityRegistry
    function identityOf(address account) external view returns (Identity memory identity) {
        return _identities[account];
    }

    /// @inheritdoc IIdentityRegistry
    function isVerified(address account) external view returns (bool) {
        return _isCurrent(_identities[account]);
    }

    /// @inheritdoc IIdentityRegistry
    function membershipOf(address organisation, address member) external view returns (uint48 validUntil) {
        return _memberships[organisation][member];
    }

    function _isVerifiedAs(address account, uint8 role) internal view returns (bool) {
        Identity memory identity = _identities[account];
        return identity.role == role && _isCurrent(identity);
    }

    /// @dev Whether `organisation` is verified and `member` belongs to it, both now.
    function _isMember(address organisation, address member) internal view returns (bool) {
        return _isVerifiedAs(organisation, ROLE_ORGANISATION) && block.timestamp < _memberships[organisation][member];
    }

    function _register(address account, uint8 role, bytes32 keyDocument) private {
        if (role < ROLE_PATIENT || role > ROLE_KEEPER) revert IdentityRoleUnknown(role);
        bytes20 keyHash = _keyHash(keyDocument);
        Identity storage identity = _identities[account];
        if (identity.role != 0) revert IdentityAlreadyRegistered(account);
        identity.keyHash = keyHash;
        identity.role = role;
        emit Registered(account, role, keyDocument);
    }

    function _rotateKey(address account, bytes32 keyDocument) private {
        bytes20 keyHash = _keyHash(keyDocument);
        Identity storage identity = _identities[account];
        if (identity.role == 0) revert IdentityNotRegistered(account);
        if (identity.keyHash == keyHash) revert IdentityKeyUnchanged(account, keyHash);
        identity.keyHash = keyHash;
        emit KeyRotated(account, keyDocument);
    }

    function _licensable(address account) private view returns (Identity storage identity) {
        identity = _identities[account];
        uint8 role = identity.role;
        if (role == 0) revert IdentityNotRegistered(account);
        if (role != ROLE_CLINICIAN && role != ROLE_ORGANISATION) revert IdentityNotLicensable(account, role);
    }

    function _checkVerifiedOrganisation() private view {
        if (!_isVerifiedAs(msg.sender, ROLE_ORGANISATION)) revert IdentityNotVerifiedOrganisation(msg.sender);
    }

    /// @dev Only clinicians and organisations ever have a `verifiedUntil`, so the role needs no second look.
    function _isCurrent(Identity memory identity) private view returns (bool) {
        return block.timestamp < identity.verifiedUntil && !identity.suspended;
    }

    /// @dev Reverts from the year 2106 on, rather than take a young verification for an old one.
    function _now32() private view returns (uint32) {
        return SafeCast.toUint32(block.timestamp);
    }

    function _keyHash(bytes32 keyDocument) private pure returns (bytes20 keyHash) {
        keyHash = bytes20(keyDocument);
        if (keyHash == 0) revert IdentityKeyDocumentEmpty(keyDocument);
    }
}
