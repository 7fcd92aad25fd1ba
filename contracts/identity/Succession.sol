// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISuccession} from "./ISuccession.sol";
import {SignedActs} from "../SignedActs.sol";

/// @title Succession
/// @notice Ties a person's new account to the old one. Who the guardians are, the chain learns only when they speak.
/// @dev A contract of its own: signatures for it are bound to its address, and its nonces are its own. `Succeed` and
/// `Follow` need no nonce, because each account has one successor and one predecessor for ever.
contract Succession is ISuccession, SignedActs {
    uint256 private constant MAX_GUARDIANS = 7;
    uint8 private constant LEAST_THRESHOLD = 2;
    uint48 private constant MOST_DELAY = 365 days;

    bytes32 private constant SET_GUARDIANS_TYPEHASH = keccak256(
        "SetGuardians(address account,bytes32[] commitments,uint8 threshold,uint48 delay,uint256 nonce,uint48 deadline)"
    );
    bytes32 private constant VOUCH_TYPEHASH = keccak256(
        "Vouch(address guardian,address predecessor,address successor,uint32 round,uint48 deadline)"
    );
    bytes32 private constant VETO_TYPEHASH = keccak256("Veto(address account,uint256 nonce,uint48 deadline)");
    bytes32 private constant SUCCEED_TYPEHASH = keccak256(
        "Succeed(address predecessor,address successor,uint48 deadline)"
    );
    bytes32 private constant FOLLOW_TYPEHASH = keccak256(
        "Follow(address predecessor,address successor,uint48 deadline)"
    );

    /// @inheritdoc ISuccession
    uint48 public immutable leastDelay;

    mapping(address account => Guardianship) private _guardianships;
    mapping(address predecessor => mapping(address successor => Claim)) private _claims;
    /// @dev The last round in which a guardian vouched for a successor. Commitments hide who is who, so that one guardian
    /// under two salts must be noticed by address.
    mapping(address predecessor => mapping(address successor => mapping(address guardian => uint32 round)))
        private _vouched;
    mapping(address predecessor => address) private _successors;
    mapping(address successor => address) private _predecessors;

    /// @param leastDelay_ Least and default seconds in which an account can object to its guardians.
    constructor(uint48 leastDelay_) {
        if (leastDelay_ == 0 || leastDelay_ > MOST_DELAY) {
            revert SuccessionDelayOutOfRange(leastDelay_, 1, MOST_DELAY);
        }
        leastDelay = leastDelay_;
    }

    /// @inheritdoc ISuccession
    function setGuardians(bytes32[] calldata commitments, uint8 threshold, uint48 delay) external {
        _setGuardians(msg.sender, commitments, threshold, delay);
    }

    /// @inheritdoc ISuccession
    function setGuardiansBySig(
        address account,
        bytes32[] calldata commitments,
        uint8 threshold,
        uint48 delay,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external {
        bytes32 packed = keccak256(abi.encodePacked(commitments));
        bytes32 structHash = keccak256(
            abi.encode(SET_GUARDIANS_TYPEHASH, account, packed, threshold, delay, nonce, deadline)
        );
        _useSignature(account, structHash, nonce, deadline, signature);
        _setGuardians(account, commitments, threshold, delay);
    }

    /// @inheritdoc ISuccession
    function vouch(address predecessor, address successor, bytes32 salt, bytes32[] calldata commitments) external {
        _vouch(msg.sender, predecessor, successor, salt, commitments);
    }

    /// @inheritdoc ISuccession
    function vouchBySig(
        address guardian,
        address predecessor,
        address successor,
        bytes32 salt,
        bytes32[] calldata commitments,
        uint32 round,
        uint48 deadline,
        bytes calldata signature
    ) external {
        uint32 present = _guardianships[predecessor].round;
        if (round != present) revert SuccessionRoundChanged(predecessor, present);
        bytes32 structHash = keccak256(abi.encode(VOUCH_TYPEHASH, guardian, predecessor, successor, round, deadline));
        _checkSignature(guardian, structHash, deadline, signature);
        _vouch(guardian, predecessor, successor, salt, commitments);
    }

    /// @inheritdoc ISuccession
    function veto() external {
        _veto(msg.sender);
    }

    /// @inheritdoc ISuccession
    function vetoBySig(address account, uint256 nonce, uint48 deadline, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(VETO_TYPEHASH, account, nonce, deadline));
        _useSignature(account, structHash, nonce, deadline, signature);
        _veto(account);
    }

    /// @inheritdoc ISuccession
    function complete(address predecessor) external {
        _complete(predecessor, msg.sender);
    }

    /// @inheritdoc ISuccession
    function completeBySig(address successor, address predecessor, uint48 deadline, bytes calldata signature) external {
        _checkFollow(predecessor, successor, deadline, signature);
        _complete(predecessor, successor);
    }

    /// @inheritdoc ISuccession
    function succeed(address successor, uint48 deadline, bytes calldata signature) external {
        _checkFollow(msg.sender, successor, deadline, signature);
        _tie(msg.sender, successor, false);
    }

    /// @inheritdoc ISuccession
    function succeedBySig(
        address predecessor,
        address successor,
        uint48 deadline,
        bytes calldata predecessorSignature,
        bytes calldata successorSignature
    ) external {
        bytes32 structHash = keccak256(abi.encode(SUCCEED_TYPEHASH, predecessor, successor, deadline));
        _checkSignature(predecessor, structHash, deadline, predecessorSignature);
        _checkFollow(predecessor, successor, deadline, successorSignature);
        _tie(predecessor, successor, false);
    }

    /// @inheritdoc ISuccession
    function successorOf(address account) external view returns (address successor) {
        return _successors[account];
    }

    /// @inheritdoc ISuccession
    function predecessorOf(address account) external view returns (address predecessor) {
        return _predecessors[account];
    }

    /// @inheritdoc ISuccession
    function guardianshipOf(address account) external view returns (Guardianship memory guardianship) {
        return _guardianships[account];
    }

    /// @inheritdoc ISuccession
    function claimOf(address predecessor, address successor) external view returns (Claim memory claim) {
        return _presentClaim(predecessor, successor);
    }

    function _setGuardians(address account, bytes32[] calldata commitments, uint8 threshold, uint48 delay) private {
        Guardianship storage guardianship = _guardianships[account];
        uint256 count = commitments.length;
        bytes32 guardiansHash = 0;
        if (count == 0) {
            if (guardianship.count == 0) revert SuccessionNoGuardians(account);
            threshold = 0;
            delay = 0;
        } else {
            if (count > MAX_GUARDIANS || threshold < LEAST_THRESHOLD || threshold > count) {
                revert SuccessionGuardiansOutOfRange(count, threshold);
            }
            if (delay == 0) delay = leastDelay;
            if (delay < leastDelay || delay > MOST_DELAY) {
                revert SuccessionDelayOutOfRange(delay, leastDelay, MOST_DELAY);
            }
            guardiansHash = keccak256(abi.encodePacked(commitments));
        }
        uint32 round = guardianship.round + 1;
        _guardianships[account] = Guardianship({
            guardiansHash: guardiansHash,
            threshold: threshold,
            // At most MAX_GUARDIANS.
            count: uint8(count),
            delay: delay,
            round: round
        });
        emit GuardiansSet(account, commitments, threshold, delay, round);
    }

    function _vouch(
        address guardian,
        address predecessor,
        address successor,
        bytes32 salt,
        bytes32[] calldata commitments
    ) private {
        Guardianship storage guardianship = _guardianships[predecessor];
        _checkGuardian(guardianship.guardiansHash, guardian, predecessor, salt, commitments);
        _checkTie(predecessor, successor);
        uint32 round = guardianship.round;
        if (_vouched[predecessor][successor][guardian] == round) {
            revert SuccessionVouchedAlready(predecessor, successor, guardian);
        }
        _vouched[predecessor][successor][guardian] = round;
        Claim memory claim = _presentClaim(predecessor, successor);
        claim.round = round;
        claim.vouchers += 1;
        // The waiting time runs from the last needed guardian; later ones do not prolong it.
        if (claim.vouchers == guardianship.threshold) {
            claim.readyFrom = uint48(block.timestamp) + guardianship.delay;
        }
        _claims[predecessor][successor] = claim;
        emit Vouched(predecessor, successor, guardian, claim.vouchers, claim.readyFrom);
    }

    /// @dev Without guardians a veto changes nothing, and says so.
    function _veto(address account) private {
        Guardianship storage guardianship = _guardianships[account];
        if (guardianship.count == 0) revert SuccessionNoGuardians(account);
        uint32 round = guardianship.round + 1;
        guardianship.round = round;
        emit Vetoed(account, round);
    }

    function _complete(address predecessor, address successor) private {
        uint48 readyFrom = _presentClaim(predecessor, successor).readyFrom;
        // Miners can move a block's time by seconds; the waiting time is of days.
        // slither-disable-next-line timestamp
        if (readyFrom == 0 || block.timestamp < readyFrom) {
            revert SuccessionNotReady(predecessor, successor, readyFrom);
        }
        _tie(predecessor, successor, true);
    }

    function _tie(address predecessor, address successor, bool byGuardians) private {
        _checkTie(predecessor, successor);
        _successors[predecessor] = successor;
        _predecessors[successor] = predecessor;
        emit Succeeded(predecessor, successor, byGuardians);
    }

    function _checkFollow(
        address predecessor,
        address successor,
        uint48 deadline,
        bytes calldata signature
    ) private view {
        bytes32 structHash = keccak256(abi.encode(FOLLOW_TYPEHASH, predecessor, successor, deadline));
        _checkSignature(successor, structHash, deadline, signature);
    }

    function _checkGuardian(
        bytes32 guardiansHash,
        address guardian,
        address predecessor,
        bytes32 salt,
        bytes32[] calldata commitments
    ) private pure {
        if (guardiansHash == 0 || keccak256(abi.encodePacked(commitments)) != guardiansHash) {
            revert SuccessionGuardiansMismatch(predecessor, guardiansHash);
        }
        bytes32 commitment = keccak256(abi.encode(predecessor, guardian, salt));
        for (uint256 i = 0; i < commitments.length; ++i) {
            if (commitments[i] == commitment) return;
        }
        revert SuccessionNotGuardian(predecessor, guardian);
    }

    /// @dev No cycle can close: its last link would lead to an account that has a successor.
    function _checkTie(address predecessor, address successor) private view {
        if (successor == address(0) || successor == predecessor || _successors[successor] != address(0)) {
            revert SuccessionSuccessorInvalid(successor);
        }
        if (_successors[predecessor] != address(0)) {
            revert SuccessionAlreadySucceeded(predecessor, _successors[predecessor]);
        }
        if (_predecessors[successor] != address(0)) {
            revert SuccessionAlreadySuccessor(successor, _predecessors[successor]);
        }
    }

    /// @dev What was said in an earlier round counts as nothing said.
    function _presentClaim(address predecessor, address successor) private view returns (Claim memory claim) {
        claim = _claims[predecessor][successor];
        if (claim.round != _guardianships[predecessor].round) delete claim;
    }
}
