// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// What an account is here. 0 means "not registered".
uint8 constant ROLE_PATIENT = 1;
uint8 constant ROLE_CLINICIAN = 2;
uint8 constant ROLE_ORGANISATION = 3;
uint8 constant ROLE_KEEPER = 4;

/// @title Identity registry
/// @notice Who is who: the key to which things are sealed, the role, and until when a licence was found to be good.
/// Any account can own a chart; a role and a licence matter to those who write into the charts of others.
interface IIdentityRegistry {
    /// @dev Fits one slot. All zero: not registered.
    struct Identity {
        bytes20 keyHash; // first 20 bytes of the sha-256 of the account's public key document
        uint8 role; // ROLE_PATIENT … ROLE_KEEPER, 0 = not registered
        uint48 verifiedUntil; // seconds; the licence is good before this time, 0 = never verified
        bool suspended; // by a registrar; nothing counts as verified while it stands
        uint32 verifiedSince; // seconds; when the current verification began, or began again after a lapse or suspension
    }

    /// @notice `account` has a role already, and a role is for ever.
    error IdentityAlreadyRegistered(address account);

    /// @notice `account` has no role.
    error IdentityNotRegistered(address account);

    /// @notice There is no such role.
    error IdentityRoleUnknown(uint8 role);

    /// @notice The key document's digest begins with 20 zero bytes, which stand for "no key".
    error IdentityKeyDocumentEmpty(bytes32 keyDocument);

    /// @notice The key document is the one in force.
    error IdentityKeyUnchanged(address account, bytes20 keyHash);

    /// @notice Only clinicians and organisations hold a licence that can be verified or suspended.
    error IdentityNotLicensable(address account, uint8 role);

    /// @notice A verification must end in the future.
    error IdentityValidityElapsed(uint48 validUntil);

    /// @notice `account` is suspended already (`suspended` true) or not suspended (`suspended` false).
    error IdentitySuspensionUnchanged(address account, bool suspended);

    /// @notice The caller must be an organisation whose verification is current.
    error IdentityNotVerifiedOrganisation(address account);

    /// @notice The membership ends at this time already.
    error IdentityMembershipUnchanged(address organisation, address member, uint48 validUntil);

    /// @notice The id leads to this account already.
    error IdentityLinkUnchanged(bytes32 commitment, address account);

    /// @notice An account took a role and published its first key.
    /// @param account The account.
    /// @param role ROLE_PATIENT … ROLE_KEEPER.
    /// @param keyDocument sha-256 of the public key document.
    event Registered(address indexed account, uint8 indexed role, bytes32 keyDocument);

    /// @notice An account replaced its key. Readers trust the new one only when the old one signed it.
    /// @param account The account.
    /// @param keyDocument sha-256 of the new public key document.
    event KeyRotated(address indexed account, bytes32 keyDocument);

    /// @notice A registrar found a licence to be good.
    /// @param account The clinician or organisation.
    /// @param registrar Who checked.
    /// @param validUntil Seconds; verified before this time.
    /// @param licenceCommitment Salted commitment to what was checked; the opening stays with the registrar.
    event Verified(address indexed account, address indexed registrar, uint48 validUntil, bytes32 licenceCommitment);

    /// @notice A registrar suspended a licence.
    /// @param account The clinician or organisation.
    /// @param registrar Who decided.
    event Suspended(address indexed account, address indexed registrar);

    /// @notice A registrar ended a suspension. The licence counts again until its own end.
    /// @param account The clinician or organisation.
    /// @param registrar Who decided.
    event Restored(address indexed account, address indexed registrar);

    /// @notice An organisation said until when somebody belongs to it.
    /// @param organisation The verified organisation.
    /// @param member The account that belongs to it.
    /// @param validUntil Seconds; a member before this time. 0 ends the membership.
    event MembershipAttested(address indexed organisation, address indexed member, uint48 validUntil);

    /// @notice An organisation tied an id that it issued to an account.
    /// @param issuer The verified organisation.
    /// @param commitment keccak256(abi.encode(issuer, blindedId)).
    /// @param account Where the id leads now; zero removes the link.
    event IdLinked(address indexed issuer, bytes32 indexed commitment, address indexed account);

    /// @notice Takes a role and publishes the first key. Once per account.
    /// @param role ROLE_PATIENT … ROLE_KEEPER.
    /// @param keyDocument sha-256 of the public key document.
    function register(uint8 role, bytes32 keyDocument) external;

    /// @notice {register} for an account that signed `Register(account,role,keyDocument,nonce,deadline)`.
    /// @param account The account that registers.
    /// @param role ROLE_PATIENT … ROLE_KEEPER.
    /// @param keyDocument sha-256 of the public key document.
    /// @param nonce The account's next nonce.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `account`.
    function registerBySig(
        address account,
        uint8 role,
        bytes32 keyDocument,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice Replaces the caller's key.
    /// @param keyDocument sha-256 of the new public key document.
    function rotateKey(bytes32 keyDocument) external;

    /// @notice {rotateKey} for an account that signed `RotateKey(account,keyDocument,nonce,deadline)`.
    /// @param account The account whose key changes.
    /// @param keyDocument sha-256 of the new public key document.
    /// @param nonce The account's next nonce.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `account`.
    function rotateKeyBySig(
        address account,
        bytes32 keyDocument,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice Records that a licence was checked, or checked again. Registrars only. Does not end a suspension.
    /// @dev A check in time keeps `verifiedSince`; one after a lapse begins it anew.
    /// @param account A registered clinician or organisation.
    /// @param validUntil Seconds, in the future; verified before this time.
    /// @param licenceCommitment Salted commitment to what was checked.
    function verify(address account, uint48 validUntil, bytes32 licenceCommitment) external;

    /// @notice Suspends a licence at once. Registrars only.
    /// @param account A registered clinician or organisation.
    function suspend(address account) external;

    /// @notice Ends a suspension. Registrars only.
    /// @dev `verifiedSince` begins anew.
    /// @param account A suspended clinician or organisation.
    function restore(address account) external;

    /// @notice Says until when `member` belongs to the calling organisation, which must be verified.
    /// @param member Any account.
    /// @param validUntil Seconds; a member before this time. 0 ends the membership.
    function attestMembership(address member, uint48 validUntil) external;

    /// @notice Ties an id issued by the calling organisation, which must be verified, to an account, and later to another.
    /// @dev The caller is hashed into the commitment, so nobody can take another issuer's link or copy it from the mempool.
    /// @param blindedId keccak256 over the id and a secret of 32 random bytes: never a bare hash of the id.
    /// @param account Where the id leads; zero removes the link.
    function linkId(bytes32 blindedId, address account) external;

    /// @notice Where an id leads.
    /// @param commitment keccak256(abi.encode(issuer, blindedId)).
    /// @return account The account, zero if there is none.
    /// @return issuer The organisation that said so, zero if nobody did. Its verification may have ended since.
    function resolve(bytes32 commitment) external view returns (address account, address issuer);

    /// @notice All that is kept about an account.
    /// @param account Any account.
    /// @return identity All zero when it is not registered.
    function identityOf(address account) external view returns (Identity memory identity);

    /// @notice Whether an account is a clinician or organisation whose verification is current and not suspended.
    /// @param account Any account.
    /// @return Whether it is, at this block's time.
    function isVerified(address account) external view returns (bool);

    /// @notice Until when somebody belongs to an organisation. Whether that organisation is verified is asked separately.
    /// @param organisation The organisation.
    /// @param member The account.
    /// @return validUntil Seconds; a member before this time. 0 = no member.
    function membershipOf(address organisation, address member) external view returns (uint48 validUntil);
}
