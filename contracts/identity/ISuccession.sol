// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Succession
/// @notice A new account for the same person. Either both accounts say so, at once; or guardians whom the old account
/// named beforehand say so, and a waiting time passes in which the old account can object. What was decided stands for
/// ever: an account has one successor and one predecessor at most, and no chain of successions closes.
/// It moves nothing: records and consents stay where they are until the person acts on them.
interface ISuccession {
    /// @dev Fits two slots. All zero: no guardians.
    struct Guardianship {
        bytes32 guardiansHash; // keccak256 of the packed commitments, in order; 0 = no guardians
        uint8 threshold; // how many different guardians must vouch
        uint8 count; // how many there are
        uint48 delay; // seconds between the last needed vouching and the succession
        uint32 round; // rises with each change and each veto; what guardians said in an earlier round does not count
    }

    /// @dev Fits one slot. All zero, or of an earlier round: nobody vouched.
    struct Claim {
        uint32 round; // the guardianship's round in which it was made
        uint8 vouchers; // how many different guardians vouched
        uint48 readyFrom; // seconds; it can be completed from this time on, 0 = too few vouched
    }

    /// @notice Guardians are up to seven, and at least two of them must agree.
    error SuccessionGuardiansOutOfRange(uint256 count, uint8 threshold);

    /// @notice The waiting time must lie between the deployment's least and a year.
    error SuccessionDelayOutOfRange(uint48 delay, uint48 least, uint48 most);

    /// @notice There are no guardians to remove.
    error SuccessionNoGuardians(address account);

    /// @notice These commitments are not the ones that the account set.
    error SuccessionGuardiansMismatch(address predecessor, bytes32 guardiansHash);

    /// @notice No commitment of the account opens to this guardian with this salt.
    error SuccessionNotGuardian(address predecessor, address guardian);

    /// @notice This guardian vouched for this successor already in this round.
    error SuccessionVouchedAlready(address predecessor, address successor, address guardian);

    /// @notice The signature was made for another round than the present one.
    error SuccessionRoundChanged(address predecessor, uint32 round);

    /// @notice Too few guardians vouched, or the waiting time runs. `readyFrom` 0 = too few.
    error SuccessionNotReady(address predecessor, address successor, uint48 readyFrom);

    /// @notice An account cannot follow itself, nor the zero address anybody.
    error SuccessionSuccessorInvalid(address successor);

    /// @notice `predecessor` has a successor, and that is for ever.
    error SuccessionAlreadySucceeded(address predecessor, address successor);

    /// @notice `successor` follows somebody already.
    error SuccessionAlreadySuccessor(address successor, address predecessor);

    /// @notice An account named its guardians, or removed them.
    /// @param account The account that they can speak for.
    /// @param commitments keccak256(abi.encode(account, guardian, salt)) each, salt of 32 random bytes; empty = removed.
    /// @param threshold How many of them must agree.
    /// @param delay Seconds in which the account can object.
    /// @param round The round that begins.
    event GuardiansSet(address indexed account, bytes32[] commitments, uint8 threshold, uint48 delay, uint32 round);

    /// @notice A guardian vouched for a successor.
    /// @param predecessor The account whose person lost it.
    /// @param successor The account that the guardian knows to be the same person's.
    /// @param guardian Who vouched.
    /// @param vouchers How many vouched in this round.
    /// @param readyFrom Seconds; from when it can be completed, 0 = more must vouch.
    event Vouched(
        address indexed predecessor,
        address indexed successor,
        address indexed guardian,
        uint8 vouchers,
        uint48 readyFrom
    );

    /// @notice An account objected: nothing that its guardians said so far counts.
    /// @param account The account.
    /// @param round The round that begins.
    event Vetoed(address indexed account, uint32 round);

    /// @notice An account follows another, for ever.
    /// @param predecessor The old account.
    /// @param successor The new account.
    /// @param byGuardians True when guardians said so, false when the old account itself did.
    event Succeeded(address indexed predecessor, address indexed successor, bool byGuardians);

    /// @notice Names the caller's guardians in place of earlier ones, or removes them (`commitments` empty, the rest 0).
    /// Whatever guardians said before does not count any more.
    /// @param commitments keccak256(abi.encode(account, guardian, salt)) each, at most 7.
    /// @param threshold How many of them must agree; 2 at least.
    /// @param delay Seconds in which the caller can object; 0 = the deployment's default.
    function setGuardians(bytes32[] calldata commitments, uint8 threshold, uint48 delay) external;

    /// @notice {setGuardians} for an account that signed
    /// `SetGuardians(account,commitments,threshold,delay,nonce,deadline)`.
    /// @param account The account that names its guardians.
    /// @param commitments See {setGuardians}.
    /// @param threshold See {setGuardians}.
    /// @param delay See {setGuardians}.
    /// @param nonce The account's next nonce here.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `account`.
    function setGuardiansBySig(
        address account,
        bytes32[] calldata commitments,
        uint8 threshold,
        uint48 delay,
        uint256 nonce,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice The caller, a guardian, vouches that `successor` is the same person as `predecessor`. With the last needed
    /// guardian the waiting time begins. Several successors may be vouched for; the first completed one counts.
    /// @param predecessor The account that named guardians.
    /// @param successor The new account.
    /// @param salt Opens the caller's commitment.
    /// @param commitments All commitments, as set.
    function vouch(address predecessor, address successor, bytes32 salt, bytes32[] calldata commitments) external;

    /// @notice {vouch} for a guardian who signed `Vouch(guardian,predecessor,successor,round,deadline)`.
    /// @param guardian The guardian.
    /// @param predecessor The account that named guardians.
    /// @param successor The new account.
    /// @param salt Opens the guardian's commitment.
    /// @param commitments All commitments, as set.
    /// @param round The present round: a veto ends the signature too.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `guardian`.
    function vouchBySig(
        address guardian,
        address predecessor,
        address successor,
        bytes32 salt,
        bytes32[] calldata commitments,
        uint32 round,
        uint48 deadline,
        bytes calldata signature
    ) external;

    /// @notice The caller objects: nothing that its guardians said so far counts.
    function veto() external;

    /// @notice {veto} for an account that signed `Veto(account,nonce,deadline)`.
    /// @param account The account that objects.
    /// @param nonce The account's next nonce here.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `account`.
    function vetoBySig(address account, uint256 nonce, uint48 deadline, bytes calldata signature) external;

    /// @notice The caller, the new account, follows `predecessor` once its guardians agreed and the time has passed.
    /// @param predecessor The old account.
    function complete(address predecessor) external;

    /// @notice {complete} for a new account that signed `Follow(predecessor,successor,deadline)`.
    /// @param successor The new account.
    /// @param predecessor The old account.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `successor`.
    function completeBySig(address successor, address predecessor, uint48 deadline, bytes calldata signature) external;

    /// @notice The caller, the old account, names its successor at once. The new account agrees by signing
    /// `Follow(predecessor,successor,deadline)`.
    /// @param successor The new account.
    /// @param deadline Last second in which the signature may be used.
    /// @param signature ECDSA or ERC-1271 signature by `successor`.
    function succeed(address successor, uint48 deadline, bytes calldata signature) external;

    /// @notice {succeed} for an old account that signed `Succeed(predecessor,successor,deadline)`.
    /// @param predecessor The old account.
    /// @param successor The new account.
    /// @param deadline Last second in which both signatures may be used.
    /// @param predecessorSignature ECDSA or ERC-1271 signature by `predecessor`.
    /// @param successorSignature Signature by `successor` over `Follow(predecessor,successor,deadline)`.
    function succeedBySig(
        address predecessor,
        address successor,
        uint48 deadline,
        bytes calldata predecessorSignature,
        bytes calldata successorSignature
    ) external;

    /// @notice Who follows an account.
    /// @param account Any account.
    /// @return successor Zero when nobody does.
    function successorOf(address account) external view returns (address successor);

    /// @notice Whom an account follows.
    /// @param account Any account.
    /// @return predecessor Zero when nobody.
    function predecessorOf(address account) external view returns (address predecessor);

    /// @notice An account's guardians, as far as the chain knows them.
    /// @param account Any account.
    /// @return guardianship Its hash, threshold, count, delay and round.
    function guardianshipOf(address account) external view returns (Guardianship memory guardianship);

    /// @notice How far guardians got with a successor.
    /// @param predecessor The account that named guardians.
    /// @param successor The new account.
    /// @return claim All zero when nobody vouched in the present round.
    function claimOf(address predecessor, address successor) external view returns (Claim memory claim);

    /// @notice The least waiting time of this deployment, also the default.
    /// @return delay Seconds.
    function leastDelay() external view returns (uint48 delay);
}
