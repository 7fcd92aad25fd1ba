// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConsentId, IConsentManager} from "../consent/IConsentManager.sol";

/// @dev The chart's head right after the act that brought the entry. Binds all the history before it.
type EntryId is bytes32;

// What a patient says about a submitted entry.
uint8 constant VERDICT_APPROVE = 1;
uint8 constant VERDICT_DENY = 2;

/// @title Record registry
/// @notice One 32-byte head per patient, folded over everything that ever happened to the chart. The events carry the
/// same fields as the fold, so whoever replays them and arrives at the head has seen every entry, and no invented one.
/// @dev The contract keeps no list of entries. A decision on an unknown or already decided entry is folded like any
/// other, and replay ignores it: the first decision stands. Replay also judges `supersedes`.
interface IRecordRegistry {
    /// @notice These terms cannot be enforced for writing: WRITE alone, no scopes, no limit of views, no flag but LICENSED.
    error RecordTermsNotForWriting(uint32 rights, bytes32 scopesHash, uint32 maxViews, uint32 flags);

    /// @notice The consent names somebody else.
    error RecordNotGrantee(address author, address grantee);

    /// @notice The author must be a clinician whose verification is current.
    error RecordAuthorNotVerified(address author);

    /// @notice The consent asks for a current member of a verified organisation.
    error RecordAuthorNotMember(address author, address organisation);

    /// @notice The consent is not granted, taken back, or outside its window.
    error RecordConsentInactive(address patient, ConsentId consentId);

    /// @notice A verdict is VERDICT_APPROVE or VERDICT_DENY.
    error RecordVerdictUnknown(uint8 verdict);

    /// @notice A batch decides 1 to `limit` entries.
    error RecordBatchSizeInvalid(uint256 size, uint256 limit);

    /// @notice A clinician submitted an entry, which waits for the patient's decision.
    /// @param patient Owner of the chart.
    /// @param author The clinician.
    /// @param entryId Head of the chart after this act.
    /// @param pointer sha-256 of the record block.
    /// @param supersedes The entry that this one amends; zero = none.
    event Submitted(
        address indexed patient,
        address indexed author,
        EntryId indexed entryId,
        bytes32 pointer,
        EntryId supersedes
    );

    /// @notice The patient added an entry.
    /// @param patient Owner of the chart and author.
    /// @param entryId Head of the chart after this act.
    /// @param pointer sha-256 of the record block.
    /// @param wraps sha-256 of the block with the wrapped keys that make it readable; zero = none.
    /// @param supersedes The entry that this one amends; zero = none.
    event Added(address indexed patient, EntryId indexed entryId, bytes32 pointer, bytes32 wraps, EntryId supersedes);

    /// @notice The patient decided about one entry.
    /// @param patient Owner of the chart.
    /// @param entryId The entry, as the patient names it.
    /// @param verdict VERDICT_APPROVE or VERDICT_DENY.
    /// @param wraps sha-256 of the block with the wrapped keys that make it readable; zero = none.
    event Decided(address indexed patient, EntryId indexed entryId, uint8 verdict, bytes32 wraps);

    /// @notice The patient decided about several entries.
    /// @param patient Owner of the chart.
    /// @param approved Entries approved, in this order.
    /// @param denied Entries denied; one that is in both lists counts as approved.
    /// @param wraps sha-256 of the block with the wrapped keys; zero = none.
    event BatchDecided(address indexed patient, EntryId[] approved, EntryId[] denied, bytes32 wraps);

    /// @notice The patient announced a block of another kind: a vault, a rotation of keys, further wraps.
    /// @param patient Owner of the chart.
    /// @param digest sha-256 of the block.
    event Noted(address indexed patient, bytes32 digest);

    /// @notice Submits an entry to the chart of `terms.patient`. The caller must be the grantee, a verified clinician,
    /// and the consent an active one for writing.
    /// @param terms The terms of the consent; they become public.
    /// @param pointer sha-256 of the record block.
    /// @param supersedes The entry that this one amends; zero = none.
    function submit(IConsentManager.Terms calldata terms, bytes32 pointer, EntryId supersedes) external;

    /// @notice Adds an entry to the caller's own chart.
    /// @param pointer sha-256 of the record block.
    /// @param wraps sha-256 of the block with the wrapped keys; zero = none.
    /// @param supersedes The entry that this one amends; zero = none.
    function add(bytes32 pointer, bytes32 wraps, EntryId supersedes) external;

    /// @notice {add} for a patient who signed `Add(account,pointer,wraps,supersedes,nonce,deadline)`.
    /// @param account Owner of the chart.
    /// @param pointer sha-256 of the record block.
    /// @param wraps sha-256 of the block with the wrapped keys; zero = none.
    /// @param supersedes The entry that this one amends; zero = none.
    /// @param nonce The account's next nonce.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `account`.
    function addBySig(
        address account,
        bytes32 pointer,
        bytes32 wraps,
        EntryId supersedes,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice Approves or denies an entry of the caller's own chart. The first decision on an entry stands.
    /// @param entryId The entry.
    /// @param verdict VERDICT_APPROVE or VERDICT_DENY.
    /// @param wraps sha-256 of the block with the wrapped keys that make it readable; zero = none.
    function decide(EntryId entryId, uint8 verdict, bytes32 wraps) external;

    /// @notice {decide} for a patient who signed `Decide(patient,entryId,verdict,wraps,nonce,deadline)`.
    /// @param patient Owner of the chart.
    /// @param entryId The entry.
    /// @param verdict VERDICT_APPROVE or VERDICT_DENY.
    /// @param wraps sha-256 of the block with the wrapped keys; zero = none.
    /// @param nonce The patient's next nonce.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `patient`.
    function decideBySig(
        address patient,
        EntryId entryId,
        uint8 verdict,
        bytes32 wraps,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice Decides about several entries of the caller's own chart.
    /// @param approved Entries to approve.
    /// @param denied Entries to deny.
    /// @param wraps sha-256 of the block with the wrapped keys of those approved; zero = none.
    function decideBatch(EntryId[] calldata approved, EntryId[] calldata denied, bytes32 wraps) external;

    /// @notice {decideBatch} for a patient who signed `DecideBatch(account,approved,denied,wraps,nonce,deadline)`.
    /// @param account Owner of the chart.
    /// @param approved Entries to approve.
    /// @param denied Entries to deny.
    /// @param wraps sha-256 of the block with the wrapped keys of those approved; zero = none.
    /// @param nonce The account's next nonce.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `account`.
    function decideBatchBySig(
        address account,
        EntryId[] calldata approved,
        EntryId[] calldata denied,
        bytes32 wraps,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice Announces a block of another kind in the caller's own chart.
    /// @param digest sha-256 of the block.
    function note(bytes32 digest) external;

    /// @notice {note} for a patient who signed `Note(account,digest,nonce,deadline)`.
    /// @param account Owner of the chart.
    /// @param digest sha-256 of the block.
    /// @param nonce The account's next nonce.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `account`.
    function noteBySig(
        address account,
        bytes32 digest,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice The fold over everything that happened to a chart so far.
    /// @param patient Owner of the chart; any account.
    /// @return The genesis hash of this chain, contract and patient while nothing has.
    function head(address patient) external view returns (bytes32);
}
