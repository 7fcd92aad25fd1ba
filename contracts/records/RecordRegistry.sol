// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ConsentManager} from "../consent/ConsentManager.sol";
import {ConsentId, FLAG_LICENSED, RIGHT_WRITE} from "../consent/IConsentManager.sol";
import {IdentityRegistry} from "../identity/IdentityRegistry.sol";
import {ROLE_CLINICIAN} from "../identity/IIdentityRegistry.sol";
import {EntryId, IRecordRegistry, VERDICT_APPROVE, VERDICT_DENY} from "./IRecordRegistry.sol";

/// @title Record registry
/// @notice Charts as hash chains. A record takes no new storage slot: the head of its chart moves on.
/// @dev Each kind of act folds in under a tag of its own, so no act can be read as another.
abstract contract RecordRegistry is IRecordRegistry, IdentityRegistry, ConsentManager {
    uint256 private constant MAX_BATCH = 256;

    /// @dev keccak256 over no tags at all: writing is not limited to scopes.
    bytes32 private constant NO_SCOPES = keccak256("");

    bytes32 private constant T_GENESIS = keccak256("carekey/chart/genesis/v1");
    bytes32 private constant T_SUBMIT = keccak256("carekey/chart/submit/v1");
    bytes32 private constant T_ADD = keccak256("carekey/chart/add/v1");
    bytes32 private constant T_DECIDE = keccak256("carekey/chart/decide/v1");
    bytes32 private constant T_BATCH = keccak256("carekey/chart/batch/v1");
    bytes32 private constant T_NOTE = keccak256("carekey/chart/note/v1");

    bytes32 private constant ADD_TYPEHASH = keccak256(
        "Add(address account,bytes32 pointer,bytes32 wraps,bytes32 supersedes,uint256 nonce,uint48 deadline)"
    );
    bytes32 private constant DECIDE_TYPEHASH = keccak256(
        "Decide(address patient,bytes32 entryId,uint8 verdict,bytes32 wraps,uint256 nonce,uint48 deadline)"
    );
    bytes32 private constant DECIDE_BATCH_TYPEHASH = keccak256(
        "DecideBatch(address account,bytes32[] approved,bytes32[] denied,bytes32 wraps,uint256 nonce,uint48 deadline)"
    );
    bytes32 private constant NOTE_TYPEHASH = keccak256(
        "Note(address account,bytes32 digest,uint256 nonce,uint48 deadline)"
    );

    /// @dev 0 stands for the genesis hash.
    mapping(address patient => bytes32) private _heads;

    /// @inheritdoc IRecordRegistry
    function submit(Terms calldata terms, bytes32 pointer, EntryId supersedes) external {
        _checkAuthor(terms);
        address patient = terms.patient;
        bytes32 entryId = keccak256(abi.encode(T_SUBMIT, head(patient), msg.sender, pointer, supersedes));
        _heads[patient] = entryId;
        emit Submitted(patient, msg.sender, EntryId.wrap(entryId), pointer, supersedes);
    }

    /// @inheritdoc IRecordRegistry
    function add(bytes32 pointer, bytes32 wraps, EntryId supersedes) external {
        _add(msg.sender, pointer, wraps, supersedes);
    }

    /// @inheritdoc IRecordRegistry
    function addBySig(
        address account,
        bytes32 pointer,
        bytes32 wraps,
        EntryId supersedes,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(ADD_TYPEHASH, account, pointer, wraps, supersedes, nonce, deadline));
        _useSignature(account, structHash, nonce, deadline, signature);
        _add(account, pointer, wraps, supersedes);
    }

    /// @inheritdoc IRecordRegistry
    function decide(EntryId entryId, uint8 verdict, bytes32 wraps) external {
        _decide(msg.sender, entryId, verdict, wraps);
    }

    /// @inheritdoc IRecordRegistry
    function decideBySig(
        address patient,
        EntryId entryId,
        uint8 verdict,
        bytes32 wraps,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(DECIDE_TYPEHASH, patient, entryId, verdict, wraps, nonce, deadline));
        _useSignature(patient, structHash, nonce, deadline, signature);
        _decide(patient, entryId, verdict, wraps);
    }

    /// @inheritdoc IRecordRegistry
    function decideBatch(EntryId[] calldata approved, EntryId[] calldata denied, bytes32 wraps) external {
        _decideBatch(msg.sender, approved, denied, _hashList(approved), _hashList(denied), wraps);
    }

    /// @inheritdoc IRecordRegistry
    function decideBatchBySig(
        address account,
        EntryId[] calldata approved,
        EntryId[] calldata denied,
        bytes32 wraps,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 approvedHash = _hashList(approved);
        bytes32 deniedHash = _hashList(denied);
        bytes32 structHash = keccak256(
            abi.encode(DECIDE_BATCH_TYPEHASH, account, approvedHash, deniedHash, wraps, nonce, deadline)
        );
        _useSignature(account, structHash, nonce, deadline, signature);
        _decideBatch(account, approved, denied, approvedHash, deniedHash, wraps);
    }

    /// @inheritdoc IRecordRegistry
    function note(bytes32 digest) external {
        _note(msg.sender, digest);
    }

    /// @inheritdoc IRecordRegistry
    function noteBySig(
        address account,
        bytes32 digest,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = keccak256(abi.encode(NOTE_TYPEHASH, account, digest, nonce, deadline));
        _useSignature(account, structHash, nonce, deadline, signature);
        _note(account, digest);
    }

    /// @inheritdoc IRecordRegistry
    function head(address patient) public view returns (bytes32) {
        bytes32 stored = _heads[patient];
        return stored == 0 ? keccak256(abi.encode(T_GENESIS, block.chainid, address(this), patient)) : stored;
    }

    /// @dev Terms that ask for something this contract cannot enforce are refused: nobody may rely on a limit in vain.
    function _checkAuthor(Terms calldata terms) private view {
        if (
            terms.rights != RIGHT_WRITE ||
            terms.scopesHash != NO_SCOPES ||
            terms.maxViews != 0 ||
            terms.flags & ~FLAG_LICENSED != 0
        ) {
            revert RecordTermsNotForWriting(terms.rights, terms.scopesHash, terms.maxViews, terms.flags);
        }
        if (msg.sender != terms.grantee) revert RecordNotGrantee(msg.sender, terms.grantee);
        if (!_isVerifiedAs(msg.sender, ROLE_CLINICIAN)) revert RecordAuthorNotVerified(msg.sender);
        if (terms.organisation != address(0) && !_isMember(terms.organisation, msg.sender)) {
            revert RecordAuthorNotMember(msg.sender, terms.organisation);
        }
        ConsentId consentId = hashTerms(terms);
        if (!_isActive(terms, consentId)) revert RecordConsentInactive(terms.patient, consentId);
    }

    function _add(address patient, bytes32 pointer, bytes32 wraps, EntryId supersedes) private {
        bytes32 entryId = keccak256(abi.encode(T_ADD, head(patient), pointer, wraps, supersedes));
        _heads[patient] = entryId;
        emit Added(patient, EntryId.wrap(entryId), pointer, wraps, supersedes);
    }

    function _decide(address patient, EntryId entryId, uint8 verdict, bytes32 wraps) private {
        if (verdict != VERDICT_APPROVE && verdict != VERDICT_DENY) revert RecordVerdictUnknown(verdict);
        _heads[patient] = keccak256(abi.encode(T_DECIDE, head(patient), entryId, verdict, wraps));
        emit Decided(patient, entryId, verdict, wraps);
    }

    function _decideBatch(
        address patient,
        EntryId[] calldata approved,
        EntryId[] calldata denied,
        bytes32 approvedHash,
        bytes32 deniedHash,
        bytes32 wraps
    ) private {
        uint256 size = approved.length + denied.length;
        if (size == 0 || size > MAX_BATCH) revert RecordBatchSizeInvalid(size, MAX_BATCH);
        _heads[patient] = keccak256(abi.encode(T_BATCH, head(patient), approvedHash, deniedHash, wraps));
        emit BatchDecided(patient, approved, denied, wraps);
    }

    function _note(address patient, bytes32 digest) private {
        _heads[patient] = keccak256(abi.encode(T_NOTE, head(patient), digest));
        emit Noted(patient, digest);
    }

    function _hashList(EntryId[] calldata entryIds) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(entryIds));
    }
}
